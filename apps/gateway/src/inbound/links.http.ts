import { Controller, Get, Header, HttpCode } from '@nestjs/common';

/** Secure links to documents. They come later; until then the door says so. */
@Controller('l')
export class LinksHttp {
  @Get(':token')
  @HttpCode(404)
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-store')
  open(): string {
    return 'Secure links are not available yet.\n';
  }
}
